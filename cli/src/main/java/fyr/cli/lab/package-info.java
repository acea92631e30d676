/** {@code fyr lab}: a Kubernetes cluster on this machine. */
@NullMarked
package fyr.cli.lab;

import org.jspecify.annotations.NullMarked;
