/** What runs in a lab's pods instead of images: servers that say who they are and whom they see. In comes a namespace and its ports. */
@NullMarked
package fyr.lab.workload;

import org.jspecify.annotations.NullMarked;
