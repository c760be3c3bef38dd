import { lazy, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { ErrorBoundary } from "./components/ErrorBoundary";
import { NotFound } from "./components/NotFound";
import { Splash } from "./components/Splash";
import { Desk } from "./desk/Desk";
import { homeOf, placesOf, useSession } from "./session/SessionContext";
import { Shell } from "./shell/Shell";

const LiveView = lazy(() => import("./supervisor/LiveView"));
const EndedView = lazy(() => import("./supervisor/EndedView"));
const Metrics = lazy(() => import("./console/metrics/Metrics"));
const Console = lazy(() => import("./console/Console"));
const Portal = lazy(() => import("./portal/Portal"));

/** Which screen an address shows, for those who may see it. */
export function Places() {
  const { role } = useSession().person;
  const places = placesOf(role);
  return (
    <Shell>
      <ErrorBoundary>
        <Suspense fallback={<Splash />}>
          <Switch>
            {places.includes("live") && <Route path="/desk/live/:id?">{({ id }) => <LiveView id={id ?? null} />}</Route>}
            {places.includes("live") && <Route path="/desk/ended/:id?">{({ id }) => <EndedView id={id ?? null} />}</Route>}
            {places.includes("metrics") && (
              <Route path="/desk/metrics">
                <div style={{ height: "100%", overflowY: "auto" }}>
                  <Metrics />
                </div>
              </Route>
            )}
            {places.includes("desk") && <Route path="/desk/c/:id">{({ id }) => <Desk id={id} />}</Route>}
            {places.includes("desk") && (
              <Route path="/desk">
                <Desk id={null} />
              </Route>
            )}
            {places.includes("console") && <Route path="/console/*?">{() => <Console />}</Route>}
            {places.includes("portal") && <Route path="/portal/*?">{() => <Portal />}</Route>}
            <Route path={/^\/(app\/?|sign-in|desk|console|portal)?$/}>
              <Redirect to={homeOf(role)} replace />
            </Route>
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Suspense>
      </ErrorBoundary>
    </Shell>
  );
}
