/**
 * Kubernetes protobuf in, the JSON of the same objects out, with the fields that are read and no others: a server encodes it for less, and
 * the readers of {@code fyr.cluster.read} know one form only. A field that a reader wants must stand in {@link fyr.cluster.protobuf.Schemas}.
 */
@NullMarked
package fyr.cluster.protobuf;

import org.jspecify.annotations.NullMarked;
