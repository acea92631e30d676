/**
 * {@code fyr agent}: options of the command line become {@link fyr.agent.AgentOptions}. The conventions of all commands are here too, because
 * this is the only module with commands that an image of the agent contains.
 */
@NullMarked
package fyr.agent.command;

import org.jspecify.annotations.NullMarked;
