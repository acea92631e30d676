package fyr.apiserver.object;

/**
 * What a kind is called.
 *
 * @param group the API group, empty for the core
 * @param plural the name in paths, {@code pods}
 * @param kind the name in manifests, {@code Pod}
 */
public record KindNames(String group, String version, String plural, String kind) {

    /** {@code v1} or {@code group/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code pods} or {@code deployments.apps}, as errors name it. */
    public String qualified() {
        return group.isEmpty() ? plural : plural + "." + group;
    }
}
