/**
 * The scheduler and the controllers of the lab: just enough to make pods of workloads and endpoint slices of Services. Each is a pure function from
 * what the API server holds to the writes that are missing; one loop feeds them all.
 */
@NullMarked
package fyr.apiserver.controller;

import org.jspecify.annotations.NullMarked;
