// An identity provider as a process of its own: `oidc-provider` with its own pages for signing in. What it is to know comes as JSON in its environment.
import { once } from "node:events";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const { client, secret, redirectUri, accounts } = JSON.parse(process.env.IDENTITY_PROVIDER);

const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: [redirectUri] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
  scopes: ["openid", "email", "profile", "groups"],
  pkce: { required: () => true },
  cookies: { keys: ["only for tests"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
});
server.on("request", provider.callback());
console.log(`ready ${issuer}`);
