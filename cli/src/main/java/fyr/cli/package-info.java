/** The command line: reads arguments, calls the modules that do the work, prints. */
@NullMarked
package fyr.cli;

import org.jspecify.annotations.NullMarked;
