/** {@code fyr agent}: options of the command line become {@link fyr.agent.AgentOptions}; the rest is the agent's. */
@NullMarked
package fyr.cli.agent;

import org.jspecify.annotations.NullMarked;
