package fyr.compiler.service.cases;

import fyr.kernel.plan.KernelPlan;
import fyr.model.Protocol;
import fyr.model.address.Family;

/** The way of connections through a compiled plan. What its rules remember of one connection counts for the next. */
interface ConnectionPath {

    /** What becomes of one new connection. */
    Outcome connect(Place from, Place to, int port, Protocol protocol, Family family);

    /** The way through the plan that follows this one. */
    ConnectionPath after(KernelPlan change);
}
