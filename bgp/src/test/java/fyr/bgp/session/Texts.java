package fyr.bgp.session;

import fyr.bgp.message.Notification;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Steps in few words, without timers. */
final class Texts {

    private Texts() {}

    static String of(Step step) {
        String actions =
                step.actions().stream().map(Texts::of).flatMap(Optional::stream).collect(Collectors.joining(", "));
        return step.state().phase() + (actions.isEmpty() ? "" : ": " + actions);
    }

    static List<String> sent(Step step) {
        return step.actions().stream()
                .filter(SessionAction.Send.class::isInstance)
                .map(Texts::of)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> of(SessionAction action) {
        return switch (action) {
            case SessionAction.Connect _ -> Optional.of("connect");
            case SessionAction.Close(var line) ->
                Optional.of("close " + line.side().name().toLowerCase());
            case SessionAction.Send(var _, Notification(int code, int subcode, var _)) ->
                Optional.of("send " + code + "/" + subcode);
            case SessionAction.Send(var _, var message) ->
                Optional.of("send " + message.getClass().getSimpleName());
            case SessionAction.Up _ -> Optional.of("up");
            case SessionAction.Down(var reason) ->
                Optional.of("down " + reason.getClass().getSimpleName());
            case SessionAction.Failed(var reason) ->
                Optional.of("failed " + reason.getClass().getSimpleName());
            case SessionAction.Deliver(var message) ->
                Optional.of("deliver " + message.getClass().getSimpleName());
            case SessionAction.Arm _, SessionAction.Disarm _ -> Optional.empty();
        };
    }
}
