/** Manifest files (YAML and JSON) to objects that still know the file and line they came from. */
@NullMarked
package fyr.cluster.manifest;

import org.jspecify.annotations.NullMarked;
