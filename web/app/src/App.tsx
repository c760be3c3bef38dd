import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { Failure } from "./components/Failure";
import { Splash } from "./components/Splash";
import { LiveProvider } from "./live/LiveProvider";
import { whenSignedOut } from "./platform/http";
import type { Session } from "./platform/types";
import { Places } from "./Places";
import { fetchSession, forget, SESSION_KEY } from "./session/api";
import { FirstPassword } from "./session/PasswordDialog";
import { homeOf, SessionContext } from "./session/SessionContext";
import { SignIn } from "./session/SignIn";
import { refusedSignOn } from "./session/singleSignOn";

/** Entry addresses that name no page of their own: the role decides where they lead. */
const DOORS = new Set(["/", "/app", "/app/", "/desk", "/console", "/portal", "/sign-in"]);

export function App() {
  const client = useQueryClient();
  const [path, go] = useLocation();
  const session = useQuery({ queryKey: SESSION_KEY, queryFn: fetchSession, staleTime: Infinity });
  const hadSession = useRef(false);
  useEffect(() => {
    if (session.data) hadSession.current = true;
  }, [session.data]);
  useEffect(() => whenSignedOut(forget), []);
  const signedIn = useCallback(
    (fresh: Session) => {
      client.setQueryData(SESSION_KEY, fresh);
      // Who comes back after an expiry finds the page they had; who arrives goes to their own.
      if ((!hadSession.current || path === "/sign-in") && DOORS.has(path)) go(homeOf(fresh.person.role), { replace: true });
    },
    [client, go, path],
  );

  if (session.isPending) return <Splash />;
  if (session.isError) return <Failure error={session.error} onRetry={() => void session.refetch()} />;
  // Also to who is still signed in it is said that a provider has refused them.
  if (!session.data || refusedSignOn() !== null) return <SignIn hasExpired={hadSession.current} onSignedIn={signedIn} />;
  return (
    <SessionContext value={session.data}>
      {session.data.person.must_change_password ? (
        <FirstPassword />
      ) : (
        <LiveProvider key={session.data.person.id} onSignedOut={forget}>
          <Places />
        </LiveProvider>
      )}
    </SessionContext>
  );
}
