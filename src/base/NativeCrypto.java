//DEPS software.amazon.cryptools:AmazonCorrettoCryptoProvider:2.5.0:linux-x86_64
package base;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import java.security.Security;
import javax.crypto.Cipher;

/**
 * Cryptography in machine code (AWS-LC) for Java's own TLS: with Java's arithmetic a handshake costs two to ten times
 * what it costs curl, and that would stand in each create's latency. Where it cannot be had (another processor, no
 * place to unpack it), Java's own does the same, slower.
 */
public final class NativeCrypto {
    private static boolean tried;

    private NativeCrypto() {}

    /** Before the first TLS context; a second call does nothing. */
    public static synchronized void install() {
        if (!tried) {
            tried = true;
            try {
                AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
                if (provider.getLoadingError() == null && provider.runSelfTests() == SelfTestStatus.PASSED) {
                    Cipher.getInstance("AES/GCM/NoPadding", provider); // some Java takes signed providers alone
                    Security.insertProviderAt(provider, 1);
                }
            } catch (Exception | LinkageError notHere) {
                // Java's own it is
            }
        }
    }
}
