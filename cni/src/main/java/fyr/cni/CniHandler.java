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
public final class CniHandler {

    private static final System.Logger LOG = System.getLogger("fyr.cni");

    private final CniService service;
    private final Consumer<RawRequest> beforeAdd;
    private final Consumer<Observation> observer;

    /**
     * @param beforeAdd called before each ADD, which fails if it throws {@link CniException}
     * @param observer told of every answer
     */
    CniHandler(CniService service, Consumer<RawRequest> beforeAdd, Consumer<Observation> observer) {
        this.service = service;
        this.beforeAdd = beforeAdd;
        this.observer = observer;
    }

    /** Serves a request, and makes an error object of whatever goes wrong. */
    public CniAnswer handle(RawRequest raw) {
        long start = System.nanoTime();
        Optional<CniException> failure = Optional.empty();
        CniAnswer answer = CniAnswer.DONE;
        try {
            answer = serve(raw);
        } catch (CniException e) {
            failure = Optional.of(e);
        } catch (KernelException e) {
            failure = Optional.of(new CniException(CniErrorCode.KERNEL_REFUSED, "the kernel refused", e.toString()));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "CNI " + raw.command() + " failed: this is a defect of Fyr", e);
            failure = Optional.of(new CniException(CniErrorCode.INTERNAL, "internal error, see the agent's log", e.toString()));
        }
        observer.accept(new Observation.CniAnswered(
                raw.command(), raw.attachment(), failure.map(CniException::text), System.nanoTime() - start));
        return failure.map(error -> new CniAnswer(1, ResultText.error(RequestReader.versionText(raw), error))).orElse(answer);
    }

    private CniAnswer serve(RawRequest raw) {
        switch (RequestReader.read(raw)) {
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
