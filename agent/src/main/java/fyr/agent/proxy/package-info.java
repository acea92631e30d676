/**
 * kube-proxy's {@code KubeProxyConfiguration} (v1alpha1, Kubernetes 1.37). Input: a file or a ConfigMap as text. Output: an immutable record
 * of what it says, and a remark about each field that the agent does not honour. It must not carry out anything.
 */
@NullMarked
package fyr.agent.proxy;

import org.jspecify.annotations.NullMarked;
