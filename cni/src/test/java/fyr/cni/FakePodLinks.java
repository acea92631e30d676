package fyr.cni;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.pod.ExpectedPodLink;
import fyr.kernel.pod.PodLink;
import fyr.kernel.pod.PodLinks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A kernel that knows nothing but pods' links, and refuses what the real one refuses; fails on purpose when told to. */
final class FakePodLinks implements PodLinks {

    final Map<String, PodLink> links = new TreeMap<>();
    final Set<Path> namespaces = ConcurrentHashMap.newKeySet();
    volatile Runnable step = () -> {};
    volatile Runnable deletion = () -> {};
    volatile Runnable listing = () -> {};
    volatile Runnable configuration = () -> {};

    @Override
    public PodEnd make(PodLink link) {
        step.run();
        synchronized (this) {
            if (!namespaces.contains(link.namespace())) {
                throw new KernelException("open " + link.namespace(), Errno.ENOENT, "");
            }
            boolean taken = links.containsKey(link.hostName())
                    || links.values().stream()
                            .anyMatch(other -> other.namespace().equals(link.namespace())
                                    && other.podName().equals(link.podName()));
            if (taken) {
                throw new KernelException("RTM_NEWLINK " + link.hostName(), Errno.EEXIST, "");
            }
            boolean duplicate = links.values().stream()
                    .flatMap(other -> other.addresses().stream())
                    .anyMatch(link.addresses()::contains);
            if (duplicate) {
                throw new AssertionError("address handed out twice: " + link + " beside " + links);
            }
            links.put(link.hostName(), link);
        }
        step.run();
        return new PodEnd() {
            @Override
            public void configure() {
                step.run();
                configuration.run();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void delete(String hostName) {
        step.run();
        deletion.run();
        synchronized (this) {
            links.remove(hostName);
        }
        step.run();
    }

    @Override
    public synchronized List<String> check(ExpectedPodLink expected) {
        Optional<PodLink> there = Optional.ofNullable(links.get(expected.link().hostName()));
        if (there.isEmpty()) {
            return List.of("link " + expected.link().hostName() + " is missing");
        }
        List<String> faults = new ArrayList<>();
        expected.podMac().filter(mac -> !mac.equals(there.get().podMac())).ifPresent(mac -> faults.add("not " + mac));
        expected.podMtu().stream().filter(mtu -> mtu != there.get().mtu()).forEach(mtu -> faults.add("not " + mtu));
        expected.addresses().stream()
                .filter(address -> !there.get().addresses().contains(address))
                .forEach(address -> faults.add("no " + address));
        return faults;
    }

    @Override
    public synchronized SortedMap<String, Boolean> hostEnds() {
        listing.run();
        SortedMap<String, Boolean> ends = new TreeMap<>();
        links.keySet().forEach(name -> ends.put(name, true));
        return ends;
    }

    @Override
    public synchronized Set<String> existing() {
        return Set.copyOf(links.keySet());
    }

    @Override
    public synchronized boolean setUp(String hostName) {
        return links.containsKey(hostName);
    }

    /** The end of a namespace takes its links along. */
    synchronized void endNamespace(Path namespace) {
        namespaces.remove(namespace);
        links.values().removeIf(link -> link.namespace().equals(namespace));
    }
}
