import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";
import { peoplePlace } from "./people-search";

const people = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/people",
  component: lazyRouteComponent(() => import("./people-page"), "PeoplePage"),
  validateSearch: peoplePlace,
});
const groups = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/groups",
  component: lazyRouteComponent(() => import("./groups-page"), "GroupsPage"),
});
const roles = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/roles",
  component: lazyRouteComponent(() => import("./roles-page"), "RolesPage"),
});
const departments = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/departments",
  component: lazyRouteComponent(() => import("./departments-page"), "DepartmentsPage"),
});
const queues = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/queues",
  component: lazyRouteComponent(() => import("./queue-settings-page"), "QueueSettingsPage"),
});
const skills = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/skills",
  component: lazyRouteComponent(() => import("./skills-page"), "SkillsPage"),
});
const questionKinds = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/question-kinds",
  component: lazyRouteComponent(() => import("./question-kinds-page"), "QuestionKindsPage"),
});
const company = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/company",
  component: lazyRouteComponent(() => import("./company-page"), "CompanyPage"),
});
const blocks = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/blocks",
  component: lazyRouteComponent(() => import("../blocks/blocks-page"), "BlocksPage"),
});
const labels = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/labels",
  component: lazyRouteComponent(() => import("./labels-page"), "LabelsPage"),
});
const signIn = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/sign-in",
  component: lazyRouteComponent(() => import("./sign-in-rules-page"), "SignInRulesPage"),
});
const sites = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/sites",
  component: lazyRouteComponent(() => import("./sites-page"), "SitesPage"),
});

const start = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/start",
  component: lazyRouteComponent(() => import("./first-steps/first-steps-page"), "FirstStepsPage"),
});
const embeddings = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/bot/embeddings",
  component: lazyRouteComponent(() => import("./embeddings-page"), "EmbeddingsPage"),
});

export const settingsRoutes = [
  people,
  groups,
  departments,
  roles,
  signIn,
  queues,
  skills,
  questionKinds,
  company,
  labels,
  blocks,
  sites,
  start,
  embeddings,
] as const;
