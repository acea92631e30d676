/**
 * Kernel settings that keep pods from configuring the node. Input: attachments. Output: settings of their links. It knows nothing about
 * packets.
 */
@NullMarked
package fyr.compiler.settings;

import org.jspecify.annotations.NullMarked;
