/**
 * Log entries of the whole program, whoever writes them: {@link java.lang.System.Logger} is the way in, one line on the error output for each
 * entry is what comes out. It must not know what is logged.
 */
@NullMarked
package fyr.observe.log;

import org.jspecify.annotations.NullMarked;
