package fyr.lab.cluster;

import fyr.lab.api.KubeconfigText;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** etcd, kube-apiserver, kube-controller-manager and kube-scheduler, started by the script {@code control-plane} of this installation. */
record RealControlPlane(LabDirectory directory, int port, String token) implements ControlPlane {

    private static final int POLL_MILLISECONDS = 50;

    RealControlPlane(LabDirectory directory, int port) {
        this(directory, port, newToken());
    }

    private static String newToken() {
        byte[] bytes = new byte[16];
        RandomGenerator.of("SecureRandom").nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void writeKubeconfigs(IpAddress inside, String loopbackPort) {
        String name = "fyr-lab-" + directory.name();
        ControlPlane.write(
                directory.insideKubeconfig(), KubeconfigText.token(name, "https://" + inside + ":" + port, token));
        ControlPlane.write(
                directory.kubeconfig(), KubeconfigText.token(name, "https://127.0.0.1:" + loopbackPort, token));
    }

    @Override
    public void start() {
        Path home = directory.path().resolve("control-plane");
        try {
            Files.createDirectories(home);
            Files.writeString(home.resolve("tokens.csv"), token + ",admin,admin,system:masters\n");
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
    }

    private static Path script() {
        return Optional.ofNullable(System.getProperty("fyr.home"))
                .map(Path::of)
                .orElseThrow()
                .resolve("bin/control-plane");
    }
}
