/**
 * Which fields the objects of a kind have. In comes the tree of a client, out comes the same as a typed server would read it, with what was dropped and what is
 * wrong. It must not know what a kind does with its fields.
 */
@NullMarked
package fyr.apiserver.schema;

import org.jspecify.annotations.NullMarked;
