/**
 * The protocol: paths, queries, bodies, discovery, OpenAPI, tables and streams. In come requests of clients with the token, out come answers. It must not
 * keep any state of objects, and decides nothing about them.
 */
@NullMarked
package fyr.apiserver.http;

import org.jspecify.annotations.NullMarked;
