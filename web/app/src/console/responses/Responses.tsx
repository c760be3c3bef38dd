import { Route, Switch } from "wouter";
import { NotFound } from "../../components/NotFound";
import { ListPage } from "./ListPage";
import { ProposalPage } from "./ProposalPage";
import { ProposalsPage } from "./ProposalsPage";
import { VersionPage } from "./VersionPage";
import { VersionsPage } from "./VersionsPage";

/** The list that all agents are offered: its draft, and what it was before (CMP-173..206). */
export default function Responses() {
  return (
    <Switch>
      <Route path="/console/responses">
        <ListPage />
      </Route>
      <Route path="/console/responses/proposals">
        <ProposalsPage />
      </Route>
      <Route path="/console/responses/proposals/:id">{({ id }) => <ProposalPage key={id} id={id} />}</Route>
      <Route path="/console/responses/versions">
        <VersionsPage />
      </Route>
      <Route path="/console/responses/versions/:id">{({ id }) => <VersionPage key={id} id={id} />}</Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}
