/**
 * Log entries of the whole program, whoever writes them. Input: {@link java.lang.System.Logger}. Output: one line on the error output for
 * each entry. The package must not know what is logged.
 */
@NullMarked
package fyr.agent.observe.log;

import org.jspecify.annotations.NullMarked;
