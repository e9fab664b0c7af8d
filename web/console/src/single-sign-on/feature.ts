import type { Feature, Shows } from "../lib/features";

export default {
  pages: [
    {
      id: "single_sign_on",
      area: "settings",
      after: "sign_in_rules",
      group: "sign_in",
      to: "/settings/single-sign-on",
      icon: "key",
      needs: "single_sign_on",
      name: { en: "Single sign-on", "zh-CN": "单点登录" },
      also: "身份提供方 统一登录 SSO OIDC OpenID identity provider Okta Keycloak",
      help: [["administrator", "single_sign_on"]],
    },
  ],
} as const satisfies Feature;

export const shows: Shows = {
  single_sign_on: { form: "sso.new" },
};
