package fyr.cni;

import fyr.cni.protocol.CniAnswer;
import fyr.cni.protocol.CniErrorCode;
import fyr.cni.protocol.CniException;
import fyr.cni.protocol.CniRequest;
import fyr.cni.protocol.RawRequest;
import fyr.cni.protocol.RequestReader;
import fyr.cni.protocol.ResultText;
import fyr.kernel.KernelException;
import fyr.model.observation.Observation;
import java.util.Optional;
import java.util.function.Consumer;

/** From the runtime's request to the executable's answer. Never throws; safe on any platform thread. */
final class CniHandler {

    private static final System.Logger LOG = System.getLogger("fyr.cni");

    private final CniService service;
    private final Consumer<RawRequest> beforeAdd;

    /** @param beforeAdd called before each ADD, which fails if it throws {@link CniException} */
    CniHandler(CniService service, Consumer<RawRequest> beforeAdd) {
        this.service = service;
        this.beforeAdd = beforeAdd;
    }

    /** What a request came to: for the executable, and for whoever observes. */
    record Served(CniAnswer answer, Observation.CniAnswered observation) {}

    /** Serves a request, and makes an error object of whatever goes wrong. */
    Served handle(RawRequest raw) {
        long start = System.nanoTime();
        Optional<CniException> failure = Optional.empty();
        CniAnswer answer = CniAnswer.DONE;
        try {
            answer = serve(raw);
        } catch (CniException e) {
            answer = failed(raw, e);
            failure = Optional.of(e);
        }
        return new Served(
                answer,
                new Observation.CniAnswered(
                        raw.command(), raw.attachment(), failure.map(CniException::text), System.nanoTime() - start));
    }

    private static CniAnswer failed(RawRequest raw, CniException error) {
        return new CniAnswer(1, ResultText.error(RequestReader.versionText(raw), error));
    }

    private CniAnswer serve(RawRequest raw) {
        try {
            return serve(RequestReader.read(raw), raw);
        } catch (KernelException e) {
            throw new CniException(CniErrorCode.KERNEL_REFUSED, "the kernel refused", e.toString());
        } catch (CniException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "CNI " + raw.command() + " failed: this is a defect of Fyr", e);
            throw new CniException(CniErrorCode.INTERNAL, "internal error, see the agent's log", e.toString());
        }
    }

    private CniAnswer serve(CniRequest request, RawRequest raw) {
        switch (request) {
            case CniRequest.Add add -> {
                beforeAdd.accept(raw);
                return new CniAnswer(0, ResultText.result(service.add(add)));
            }
            case CniRequest.Delete delete -> service.delete(delete);
            case CniRequest.Check check -> service.check(check);
            case CniRequest.Collect collect -> service.collect(collect);
            case CniRequest.Status _ -> service.status();
        }
        return CniAnswer.DONE;
    }
}
