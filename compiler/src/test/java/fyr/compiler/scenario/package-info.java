/**
 * Scenarios in {@code src/test/scenarios}: a file of Kubernetes objects, and beside it what a node makes of them, for readers who do not
 * read Java.
 */
@NullMarked
package fyr.compiler.scenario;

import org.jspecify.annotations.NullMarked;
