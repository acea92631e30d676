package fyr.compiler.service;

import fyr.model.address.IpAddress;
import java.util.List;

/**
 * What one service means on this node.
 *
 * @param addresses virtual addresses that belong to the service as a whole: connections to ports that are not among the rows are refused
 * @param rows one for each frontend
 */
public record ServiceRows(List<IpAddress> addresses, List<ServiceRow> rows) {

    /** Those of a service that does not exist, or that is served in another way. */
    public static final ServiceRows NONE = new ServiceRows(List.of(), List.of());
}
