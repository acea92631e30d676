/**
 * {@code fyr demo}: a lab comes up, takes the shop and the article's policies, and proves with packets what it promises. In: manifests. Out: a
 * {@link fyr.cli.demo.Report}. The lab goes down again, whatever happens.
 */
@NullMarked
package fyr.cli.demo;

import org.jspecify.annotations.NullMarked;
