import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { peoplePlace } from "./people-search";

const people = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/people",
  component: pageOf(() => import("./people-page"), "PeoplePage"),
  validateSearch: peoplePlace,
});
const groups = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/groups",
  component: pageOf(() => import("./groups-page"), "GroupsPage"),
});
const roles = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/roles",
  component: pageOf(() => import("./roles-page"), "RolesPage"),
});
const departments = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/departments",
  component: pageOf(() => import("./departments-page"), "DepartmentsPage"),
});
const queues = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/queues",
  component: pageOf(() => import("./queue-settings-page"), "QueueSettingsPage"),
});
const skills = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/skills",
  component: pageOf(() => import("./skills-page"), "SkillsPage"),
});
const questionKinds = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/question-kinds",
  component: pageOf(() => import("./question-kinds-page"), "QuestionKindsPage"),
});
const company = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/company",
  component: pageOf(() => import("./company-page"), "CompanyPage"),
});
const blocks = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/blocks",
  component: pageOf(() => import("../blocks/blocks-page"), "BlocksPage"),
});
const labels = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/labels",
  component: pageOf(() => import("./labels-page"), "LabelsPage"),
});
const signIn = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/sign-in",
  component: pageOf(() => import("./sign-in-rules-page"), "SignInRulesPage"),
});
const sites = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/sites",
  component: pageOf(() => import("./sites-page"), "SitesPage"),
});

const start = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/start",
  component: pageOf(() => import("./first-steps/first-steps-page"), "FirstStepsPage"),
});
const embeddings = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/bot/embeddings",
  component: pageOf(() => import("./embeddings-page"), "EmbeddingsPage"),
});

export const routes = [
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
