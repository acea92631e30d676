/**
 * What the lab knows of each kind: names, rules, defaults, columns, selectable fields. In comes the object of a client, out come its completed form and the rules that
 * it breaks. It must not store objects or speak HTTP.
 */
@NullMarked
package fyr.apiserver.kinds;

import org.jspecify.annotations.NullMarked;
