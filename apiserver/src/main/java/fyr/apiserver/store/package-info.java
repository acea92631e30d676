/**
 * The objects and their history: create, change, delete, list and watch. In come trees, out come what was stored and changes in order. It must not speak HTTP, and
 * changes no tree once it is stored.
 */
@NullMarked
package fyr.apiserver.store;

import org.jspecify.annotations.NullMarked;
