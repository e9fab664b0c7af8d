import { Problem } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import type { NewPasskeyOptions, PasskeyOptions } from "@yingda/api/types";

/** Bytes are written in base 64 for URLs, without padding. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(plain.length);
  for (let at = 0; at < plain.length; at += 1) bytes[at] = plain.charCodeAt(at);
  return bytes;
}
function textOf(bytes: ArrayBuffer): string {
  let plain = "";
  for (const byte of new Uint8Array(bytes)) plain += String.fromCharCode(byte);
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
const known = (ids: readonly string[]): PublicKeyCredentialDescriptor[] =>
  ids.map((id) => ({ type: "public-key", id: bytesOf(id) }));

/** What the browser made or signed; null if the person decided against it. */
async function credentialOf(make: () => Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    return (await make()) as PublicKeyCredential | null;
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "NotAllowedError" || name === "AbortError") return null;
    if (name === "SecurityError") throw new Problem({ code: "passkeys_unavailable" }, 409);
    if (name === "InvalidStateError") throw new Problem({ code: "passkey_known" }, 409);
    throw new Problem({ code: "passkey_refused" }, 422);
  }
}

/** Has a passkey answer a challenge; null if the person decided against it. */
export async function answerWithPasskey(
  options: PasskeyOptions,
): Promise<Body<"POST", "/auth/passkey-sessions"> | null> {
  const credential = await credentialOf(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: bytesOf(options.challenge),
        rpId: options.rp_id,
        allowCredentials: known(options.allow),
        userVerification: "required",
      },
    }),
  );
  if (!credential) return null;
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    token: options.token,
    id: textOf(credential.rawId),
    client_data: textOf(response.clientDataJSON),
    authenticator_data: textOf(response.authenticatorData),
    signature: textOf(response.signature),
  };
}

/** Has the browser make a passkey; null if the person decided against it. */
export async function makePasskey(
  options: NewPasskeyOptions,
): Promise<Omit<Body<"POST", "/me/passkeys">, "name"> | null> {
  const credential = await credentialOf(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: bytesOf(options.challenge),
        rp: { id: options.rp_id, name: options.rp_name },
        user: { id: bytesOf(options.user_id), name: options.user_name, displayName: options.user_display_name },
        pubKeyCredParams: options.algorithms.map((alg) => ({ type: "public-key", alg })),
        excludeCredentials: known(options.exclude),
        // The device keeps it, so that it also says who signs in.
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
        attestation: "none",
      },
    }),
  );
  if (!credential) return null;
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    token: options.token,
    id: textOf(credential.rawId),
    client_data: textOf(response.clientDataJSON),
    attestation: textOf(response.attestationObject),
  };
}
