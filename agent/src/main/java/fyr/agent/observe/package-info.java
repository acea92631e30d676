/**
 * What happened: {@link fyr.model.observation.Observation}s become counters and log lines. The Prometheus library is
 * used here and nowhere else. It must not know who observes.
 */
@NullMarked
package fyr.agent.observe;

import org.jspecify.annotations.NullMarked;
