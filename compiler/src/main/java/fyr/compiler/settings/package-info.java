/** Kernel settings that keep pods from configuring the node. In: attachments. Out: settings of their links. It knows nothing of packets. */
@NullMarked
package fyr.compiler.settings;

import org.jspecify.annotations.NullMarked;
