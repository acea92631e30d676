/** Where the API server is and who we are to it: kubeconfig files and the credentials mounted into pods. */
@NullMarked
package fyr.cluster.access;

import org.jspecify.annotations.NullMarked;
