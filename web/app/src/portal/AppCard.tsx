import { Button, Modal, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Failure } from "../components/Failure";
import { t } from "../i18n";
import { useChange } from "../platform/useChange";
import { createKey, keysOf, PORTAL, type App, type KeyWithSecret } from "./api";
import { KeyRow } from "./KeyRow";
import { NewSecret } from "./NewSecret";
import styles from "./Portal.module.css";

/** An app with its keys. */
export function AppCard({ app, mayChange }: { app: App; mayChange: boolean }) {
  const keys = useQuery(keysOf(app.id));
  const [naming, setNaming] = useState(false);
  const [made, setMade] = useState<KeyWithSecret | null>(null);
  return (
    <div className={styles.card}>
      <div className={styles.cardHead}>
        <h3 className={styles.title}>{app.name}</h3>
        {mayChange && (
          <Button size="xs" leftSection={<IconPlus size={15} />} onClick={() => setNaming(true)}>
            {t("portal.key.add")}
          </Button>
        )}
      </div>
      {keys.isError && <Failure error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.data?.items.length === 0 && <p className={styles.none}>{t("portal.key.none")}</p>}
      {keys.data?.items.map((key) => <KeyRow key={key.id} apiKey={key} mayChange={mayChange} onSecret={setMade} />)}
      <NewKey app={app} opened={naming} onClose={() => setNaming(false)} onMade={setMade} />
      <NewSecret made={made} onClose={() => setMade(null)} />
    </div>
  );
}

interface NewKeyProps {
  app: App;
  opened: boolean;
  onClose: () => void;
  onMade: (made: KeyWithSecret) => void;
}

function NewKey({ app, opened, onClose, onMade }: NewKeyProps) {
  const [name, setName] = useState("");
  const making = useChange(() => createKey(app.id, name.trim()), {
    touches: PORTAL,
    onSuccess: (made) => {
      setName("");
      onClose();
      onMade(made);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) making.mutate();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t("portal.key.add")} centered>
      <form onSubmit={submit}>
        <TextInput
          label={t("details.name")}
          description={t("portal.key.name.hint")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Button type="submit" mt="md" fullWidth loading={making.isPending} disabled={!name.trim()}>
          {t("portal.key.make")}
        </Button>
      </form>
    </Modal>
  );
}
