package probe;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Why an exchange failed, in a sentence that says what happened and, where a key of config.env mends it, which. */
final class Trouble {
    /** How far an exchange came. */
    enum Stage {
        CONNECT,
        HANDSHAKE,
        EXCHANGE
    }

    private static final Pattern ALERT = Pattern.compile("[Rr]eceived fatal alert: (\\w+)");

    private Trouble() {}

    /** @param where HOST:PORT */
    static String sentence(Exception e, Stage stage, String where, boolean tls, Credentials credentials) {
        if (e instanceof UnknownHostException) {
            return "the host of " + where + " is not known: correct the URL, or the machine's name service";
        }
        if (stage == Stage.CONNECT) {
            return e instanceof ConnectException
                            && String.valueOf(e.getMessage()).contains("refused")
                    ? "nothing listens at " + where + " (connection refused)"
                    : "no connection to " + where + " (" + reason(e) + ")";
        }
        return tls ? overTls(e, stage, where, credentials) : reason(e);
    }

    private static String overTls(Exception e, Stage stage, String where, Credentials credentials) {
        Optional<PeerTrust.Untrusted> untrusted = untrusted(e);
        if (untrusted.isPresent()) {
            return untrusted.get().getMessage();
        }
        String said = String.valueOf(e.getMessage());
        Matcher alert = ALERT.matcher(said);
        if (alert.find()) {
            return alerted(alert.group(1).toLowerCase(Locale.ROOT), where, credentials);
        }
        if (isNoTls(said)) {
            return where + " does not speak TLS: write http:// in the URL, or see which port speaks it";
        }
        boolean cut = e instanceof EOFException
                || !(e instanceof SSLException)
                || said.contains("terminated the")
                || said.contains("shut down")
                || said.contains("Broken pipe")
                || said.contains("reset")
                || said.contains("aborted")
                || said.contains("closed without an answer");
        if (cut && credentials.wasAskedForCertificate() && !said.contains("bytes early")) {
            return certificateWanted(where, credentials, "it closed the connection");
        }
        if (stage == Stage.HANDSHAKE) {
            return cut
                    ? where + " closed the connection in the TLS handshake: does it speak TLS there, and 1.2 or 1.3?"
                    : "no TLS connection to " + where + ": " + reason(e);
        }
        return said.contains("shut down") ? "the connection was cut: the answer may go on" : reason(e);
    }

    private static Optional<PeerTrust.Untrusted> untrusted(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PeerTrust.Untrusted found) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /** Whether a handshake failed in a way in which only TLS fails: by a certificate that came, or an alert. */
    static boolean cameFromTls(Exception e) {
        return untrusted(e).isPresent()
                || ALERT.matcher(String.valueOf(e.getMessage())).find();
    }

    private static String alerted(String alert, String where, Credentials credentials) {
        Optional<String> client = credentials.client();
        boolean asked = credentials.wasAskedForCertificate();
        switch (alert) {
            case "certificate_required":
                return certificateWanted(where, credentials, "TLS alert " + alert);
            case "certificate_expired":
                return where + " says that the client certificate (" + client.orElse("none")
                        + ") has expired: replace it with its successor";
            case "certificate_revoked":
                return where + " says that the client certificate (" + client.orElse("none")
                        + ") is revoked: replace it";
            case "bad_certificate",
                    "unknown_ca",
                    "certificate_unknown",
                    "unsupported_certificate",
                    "access_denied",
                    "decrypt_error":
                if (client.isEmpty()) {
                    return asked ? certificateWanted(where, credentials, "TLS alert " + alert) : other(alert, where);
                }
                return where + " refuses the client certificate (" + client.get() + ", TLS alert " + alert
                        + "): it must come from the CA that the control plane asks for, and be valid";
            case "handshake_failure":
                return asked && client.isEmpty()
                        ? certificateWanted(where, credentials, "TLS alert " + alert)
                        : other(alert, where) + ": the two sides have no key, cipher or signature in common";
            case "protocol_version":
                return where + " speaks neither TLS 1.2 nor TLS 1.3 (TLS alert " + alert
                        + "): older versions are not supported";
            case "unrecognized_name":
                return where + " does not know the requested host name (TLS alert " + alert
                        + "): correct the host in the URL";
            default:
                return other(alert, where);
        }
    }

    private static String certificateWanted(String where, Credentials credentials, String sign) {
        return credentials
                .client()
                .map(client -> where + " does not take the client certificate (" + client + "; " + sign
                        + "): it must come from the CA that the control plane asks for, and be valid")
                .orElse(where + " demands a client certificate (" + sign + "): name one in CP_TLS_CERT and CP_TLS_KEY");
    }

    private static String other(String alert, String where) {
        return where + " ended the TLS connection (TLS alert " + alert + ")";
    }

    /** Nothing came in time. */
    static String late(Stage stage, String where, boolean tls, long timeoutMillis) {
        return stage == Stage.HANDSHAKE && tls
                ? "no TLS handshake with " + where + " within " + timeoutMillis + " ms: does it speak TLS there?"
                : "no complete answer within " + timeoutMillis + " ms";
    }

    /** Whether one side would not speak with the other as it came, rather than fall silent. */
    static boolean isRefusal(Exception e, boolean tls, Credentials credentials) {
        if (e instanceof AnswerReader.NotRead) {
            return true;
        }
        String said = String.valueOf(e.getMessage());
        return tls
                ? cameFromTls(e) || credentials.wasAskedForCertificate() || isNoTls(said)
                : said.equals(AnswerReader.TLS);
    }

    private static boolean isNoTls(String said) {
        return said.contains("Unsupported or unrecognized SSL message") || said.contains("plaintext connection");
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        if (e instanceof IOException
                && message != null
                && (message.contains("Broken pipe") || message.contains("Connection reset"))) {
            return "the connection was broken off before a whole answer came (" + message.toLowerCase(Locale.ROOT)
                    + ")";
        }
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
