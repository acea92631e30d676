/** Numbers for groups, identities and classes of ports, made from contents. In: hashes. Out: numbers that do not depend on history. */
@NullMarked
package fyr.compiler.policy.number;

import org.jspecify.annotations.NullMarked;
