export default {
  compatibilityDate: "2026-11-17",
  app: { head: { link: [{ rel: "icon", href: "data:," }] } },
};
