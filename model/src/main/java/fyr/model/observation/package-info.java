/** What comes back from the kernel and from the parts of the agent: {@link fyr.model.observation.Observation}. */
@NullMarked
package fyr.model.observation;

import org.jspecify.annotations.NullMarked;
