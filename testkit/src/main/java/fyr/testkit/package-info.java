/**
 * What tests share: a kernel that exists in memory only and obeys the rules of the real one, and state sequences. Never used in main scope.
 */
@NullMarked
package fyr.testkit;

import org.jspecify.annotations.NullMarked;
