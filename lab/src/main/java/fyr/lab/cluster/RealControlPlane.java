package fyr.lab.cluster;

import fyr.apiserver.KubeconfigText;
import fyr.apiserver.http.ApiToken;
import fyr.apiserver.store.Registry;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** etcd, kube-apiserver, kube-controller-manager and kube-scheduler, started by the script {@code control-plane} of this installation. */
record RealControlPlane(LabDirectory directory, int port, ApiToken token) implements ControlPlane {

    private static final int POLL_MILLISECONDS = 50;

    RealControlPlane(LabDirectory directory, int port) {
        this(directory, port, ApiToken.fresh());
    }

    @Override
    public void writeKubeconfigs(IpAddress inside, String loopbackPort) {
        String name = "fyr-lab-" + directory.name();
        ControlPlane.write(
                directory.insideKubeconfig(), KubeconfigText.unverified(name, "https://" + inside + ":" + port, token));
        ControlPlane.write(
                directory.kubeconfig(), KubeconfigText.unverified(name, "https://127.0.0.1:" + loopbackPort, token));
    }

    @Override
    public Optional<Registry> start() {
        Path home = directory.path().resolve("control-plane");
        try {
            Files.createDirectories(home);
            ControlPlane.write(home.resolve("tokens.csv"), token.text() + ",admin,admin,system:masters\n");
            Process process = new ProcessBuilder(List.of(script().toString(), home.toString(), Integer.toString(port)))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(directory.log().toFile()))
                    .start();
            while (!Files.exists(home.resolve("ready"))) {
                if (!process.isAlive()) {
                    throw new LabException("the real control plane ended");
                }
                Thread.sleep(POLL_MILLISECONDS);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private static Path script() {
        return Optional.ofNullable(System.getProperty("fyr.home"))
                .map(Path::of)
                .orElseThrow()
                .resolve("bin/control-plane");
    }
}
