/** An immutable map whose versions share structure, so that a snapshot costs what changed and two versions are compared in the time of their difference. */
@NullMarked
package fyr.model.persistent;

import org.jspecify.annotations.NullMarked;
