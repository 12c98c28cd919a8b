/** Installs the service worker of a built page, once the first network runs, and says when a new version is ready. */
import type { App } from '../state/app.ts';

/** Later than what a visitor waits for. */
const AFTER_MS = 4000;

export function keepOffline(app: App): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  setTimeout(() => void register(app), AFTER_MS);
}

async function register(app: App): Promise<void> {
  try {
    const registration = await navigator.serviceWorker.register('./service-worker.js');
    const offer = (): void => {
      // Without a controller this is the first visit, not a new version.
      if (registration.waiting && navigator.serviceWorker.controller) announce(app, registration);
    };
    offer();
    registration.addEventListener('updatefound', () =>
      registration.installing?.addEventListener('statechange', offer),
    );
  } catch {
    // Private windows and pages without https have no service workers: the page works, only not offline.
  }
}

function announce(app: App, registration: ServiceWorkerRegistration): void {
  app.notice.value = {
    kind: 'warning',
    text: 'A new version of wetware is ready. Your project is kept.',
    action: {
      title: 'Reload',
      act() {
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
          once: true,
        });
        registration.waiting?.postMessage('take over');
      },
    },
  };
}
