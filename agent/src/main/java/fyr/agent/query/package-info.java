/**
 * Answers questions about the agent on a Unix socket in the run directory, which only root can connect to. In: HTTP GET requests; views of
 * the loop's plan and snapshot, and a kernel of its own to read tables from. Out: JSON documents with a version. A query changes nothing,
 * and it must not make the loop wait.
 */
@NullMarked
package fyr.agent.query;

import org.jspecify.annotations.NullMarked;
