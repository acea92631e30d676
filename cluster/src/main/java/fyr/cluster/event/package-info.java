/**
 * What is reported to people through the API server. Input: observations. Output: Events of the objects concerned. It must not delay
 * anything, whatever the server does.
 */
@NullMarked
package fyr.cluster.event;

import org.jspecify.annotations.NullMarked;
