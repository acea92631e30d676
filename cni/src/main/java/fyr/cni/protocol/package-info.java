/** The Container Network Interface, versions 0.3.1 to 1.1.0: requests are read, results and errors written. Pure: no kernel, no disk. */
@NullMarked
package fyr.cni.protocol;

import org.jspecify.annotations.NullMarked;
