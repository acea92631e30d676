/**
 * Converts Kubernetes protobuf to the JSON of the same objects, with only the fields that are read: protobuf costs the server less to
 * encode, and the readers of {@code fyr.cluster.read} know only one format. A field that a reader needs must be in {@link
 * fyr.cluster.protobuf.Schemas}.
 */
@NullMarked
package fyr.cluster.protobuf;

import org.jspecify.annotations.NullMarked;
