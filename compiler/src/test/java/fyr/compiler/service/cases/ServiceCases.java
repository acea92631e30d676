package fyr.compiler.service.cases;

import java.util.List;
import java.util.stream.Stream;

/** The table of cases. */
final class ServiceCases {

    private static final List<ServiceCase> ALL = Stream.of(FrontendCases.all(), EndpointCases.all(), OptionCases.all())
            .flatMap(cases -> cases)
            .toList();

    private ServiceCases() {}

    static List<ServiceCase> all() {
        return ALL;
    }
}
