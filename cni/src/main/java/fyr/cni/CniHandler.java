package fyr.cni;

import fyr.cni.protocol.CniAnswer;
import fyr.cni.protocol.CniErrorCode;
import fyr.cni.protocol.CniException;
import fyr.cni.protocol.CniRequest;
import fyr.cni.protocol.RawRequest;
import fyr.cni.protocol.RequestReader;
import fyr.cni.protocol.ResultText;
import fyr.kernel.KernelException;

/** From the runtime's request to the executable's answer. Never throws; safe on any platform thread. */
public final class CniHandler {

    private static final System.Logger LOG = System.getLogger("fyr.cni");

    private final CniService service;

    public CniHandler(CniService service) {
        this.service = service;
    }

    /** Serves a request, and makes an error object of whatever goes wrong. */
    public CniAnswer handle(RawRequest raw) {
        try {
            return raw.command().equals("VERSION")
                    ? new CniAnswer(0, ResultText.versions(RequestReader.versionText(raw)))
                    : serve(RequestReader.read(raw));
        } catch (CniException e) {
            return failure(raw, e);
        } catch (KernelException e) {
            return failure(raw, new CniException(CniErrorCode.KERNEL_REFUSED, "the kernel refused", e.toString()));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "CNI " + raw.command() + " failed: this is a defect of Fyr", e);
            return failure(
                    raw, new CniException(CniErrorCode.INTERNAL, "internal error, see the agent's log", e.toString()));
        }
    }

    private CniAnswer serve(CniRequest request) {
        switch (request) {
            case CniRequest.Add add -> {
                return new CniAnswer(0, ResultText.result(service.add(add)));
            }
            case CniRequest.Delete delete -> service.delete(delete);
            case CniRequest.Check check -> service.check(check);
            case CniRequest.Collect collect -> service.collect(collect);
            case CniRequest.Status _ -> service.status();
        }
        return CniAnswer.DONE;
    }

    private static CniAnswer failure(RawRequest raw, CniException error) {
        return new CniAnswer(1, ResultText.error(RequestReader.versionText(raw), error));
    }
}
