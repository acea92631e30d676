/**
 * The patch formats of the API. In come an object, a patch and the fields of the kind, out comes the changed object. It must not store anything, and changes
 * none of the trees that it is given.
 */
@NullMarked
package fyr.apiserver.patch;

import org.jspecify.annotations.NullMarked;
